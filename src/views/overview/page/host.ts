import type { HostMessage } from '../overview.ts';
import type { PageMessage } from '../pageMessage.ts';

/** What the page keeps while its tab is not shown. */
export interface PageState {
  readonly search?: string;
  readonly scroll?: number;
}

interface Host {
  postMessage(message: PageMessage): void;
  getState(): PageState | undefined;
  setState(state: PageState): void;
}

declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();

/** Sends a message to the extension. */
export function tell(message: PageMessage): void {
  host.postMessage(message);
}

/** What the page has kept; empty the first time. */
export function keptState(): PageState {
  return host.getState() ?? {};
}

/** Keeps it for when the page is shown again, beside what is kept already. */
export function keep(state: PageState): void {
  host.setState({ ...keptState(), ...state });
}

/** Calls the listener with each message of the extension. */
export function onTold(listener: (message: HostMessage) => void): void {
  window.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => listener(data));
}
