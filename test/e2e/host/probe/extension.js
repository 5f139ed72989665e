// An extension beside ours in the same extension host. It looks at what extensions share when it is activated, which is
// before ours is, and again on command, and writes both into the file that PROBE_REPORT names. No part of the product.
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import Module from 'node:module';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { commands, extensions } from 'vscode';

const report = process.env['PROBE_REPORT'] ?? '';
const before = look();

export function activate({ subscriptions }) {
  write({ before });
  subscriptions.push(
    commands.registerCommand('probe.look', async () => write({ before, after: look(), ...(await put()) })),
  );
}

/** Written beside and renamed: whoever waits for it never reads half of it. */
function write(content) {
  fs.writeFileSync(`${report}.new`, JSON.stringify(content));
  fs.renameSync(`${report}.new`, report);
}

/** What an extension could change for all others, by name. Of functions and objects, which one it is. */
function look() {
  const shared = { process, fs, 'fs.promises': fs.promises, path, http, https, net, tls, module: Module };
  const methods = Object.entries(shared).flatMap(([owner, object]) =>
    Object.entries(Object.getOwnPropertyDescriptors(object))
      .filter(([, { value }]) => typeof value === 'function')
      .map(([name, { value }]) => [`${owner}.${name}`, identity(value)]),
  );
  const slots = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2', 'undici.globalOrigin.1'];
  const globals = ['fetch', 'Headers', 'Request', 'Response', 'FormData', 'WebSocket', 'Promise', 'setTimeout', 'JSON'];
  const events = [
    'exit',
    'beforeExit',
    'uncaughtException',
    'unhandledRejection',
    'warning',
    'SIGINT',
    'SIGTERM',
    'SIGHUP',
  ];
  return {
    isActive: extensions.getExtension('floe.floe-oci')?.isActive,
    shared: Object.fromEntries([
      ...methods,
      ...['emit', 'on', 'listenerCount'].map((name) => [`process.${name}`, identity(process[name])]),
      ...slots.map((slot) => [slot, identity(globalThis[Symbol.for(slot)])]),
      ...globals.map((name) => [name, identity(globalThis[name])]),
      ...events.map((event) => [`listeners of ${event}`, process.listenerCount(event)]),
      ['own names of globalThis', Object.getOwnPropertyNames(globalThis).sort().join()],
      ['own symbols of globalThis', Object.getOwnPropertySymbols(globalThis).map(String).sort().join()],
      // VS Code sets its own when it likes.
      [
        'variables',
        JSON.stringify(
          Object.entries(process.env)
            .filter(([name]) => !name.startsWith('VSCODE_'))
            .sort(),
        ),
      ],
      ['working folder', process.cwd()],
    ]),
  };
}

function identity(value) {
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return String(value);
  return `${typeof value} ${value.name ?? value.constructor?.name} ${numberOf(value)}`;
}

/** Hoisted, since the first look is taken while this module is loaded. */
function numberOf(value) {
  numberOf.known ??= new Map();
  if (!numberOf.known.has(value)) numberOf.known.set(value, numberOf.known.size);
  return numberOf.known.get(value);
}

/** What the host's own fetch makes of an upload whose length the caller names: a foreign dispatcher refuses it. */
async function put() {
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.end(`${request.method} ${request.headers['content-length']} ${body}`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${server.address().port}/`;
    const answer = await fetch(url, { method: 'PUT', body: 'four', headers: { 'content-length': '4' } });
    return { put: await answer.text() };
  } catch (error) {
    return { put: `${error} ${error.cause ?? ''}` };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
