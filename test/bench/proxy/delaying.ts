import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DelayingProxy extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
}

/**
 * A line to the registry that adds a delay to every round trip: half of it to what is sent, half to what comes back. A
 * connection counts as one, as TCP's own handshake does over a long line. How much goes over it at once is not limited.
 */
export async function startDelayingProxy(registry: string, roundTripMs: number): Promise<DelayingProxy> {
  const { hostname, port } = new URL(`http://${registry}`);
  const sockets = new Set<Socket>();
  const server = createServer(async (near) => {
    watch(near, sockets);
    near.pause();
    await sleep(roundTripMs);
    const far = watch(connect(Number(port), hostname), sockets);
    forward(near, far, roundTripMs / 2);
    forward(far, near, roundTripMs / 2);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Every piece as late as the one before it, so they stay in order. */
function forward(from: Socket, to: Socket, delayMs: number): void {
  from.setNoDelay(true);
  from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), delayMs));
  from.on('end', () => setTimeout(() => to.end(), delayMs));
  from.on('error', () => setTimeout(() => to.destroy(), delayMs));
  from.resume();
}

function watch(socket: Socket, all: Set<Socket>): Socket {
  all.add(socket);
  // A client may go away at any time; there is nobody to tell.
  return socket.on('error', () => {}).on('close', () => all.delete(socket));
}
