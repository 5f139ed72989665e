import { expect, it } from 'vitest';
import { Uri, type Webview } from 'vscode';
import { pageHtml } from '../../../src/views/overview/pageHtml.ts';

const webview = { asWebviewUri: (uri: Uri) => uri } as Webview;
const page = (): string => pageHtml(webview, Uri.file('/extensions/floe'));
const policyOf = (html: string): string => /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';

it('the page may run its one script and use its one style, by a nonce that no other page has', () => {
  const html = page();
  const nonce = /'nonce-([\w-]{22})'/.exec(policyOf(html))?.[1];
  expect(policyOf(html)).toBe(
    `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`,
  );
  expect(html.match(new RegExp(`nonce="${nonce}"`, 'g'))).toHaveLength(2);
  expect(policyOf(page())).not.toBe(policyOf(html));
});

it('the page has nothing inline and names nothing but its own files', () => {
  const html = page();
  expect(html).not.toMatch(/<style|style=|\son\w+=|javascript:/);
  const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
  expect(addresses).toEqual(['file:///extensions/floe/dist/overview.css', 'file:///extensions/floe/dist/overview.js']);
});
