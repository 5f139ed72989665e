import type { Peers } from '../../../scripts/peers/preparePeers.ts';
import type { Peer } from '../../../scripts/peers/releases.ts';
import type { Client } from './client.ts';
import { crane } from './crane.ts';
import { floeOci } from './floeOci.ts';
import { oras } from './oras.ts';
import { orasPy } from './orasPy.ts';
import { regctl } from './regctl.ts';
import { skopeo } from './skopeo.ts';

export type { Client, Command, FileName, LayoutName, RemoteName } from './client.ts';
export { nameOf } from './client.ts';

const PEERS = { oras, crane, regctl, skopeo, 'oras-py': orasPy } as const satisfies Partial<
  Record<Peer, (program: string) => Client>
>;

export type ClientPeer = keyof typeof PEERS;

/** The names of all other clients. */
export const clientPeers = Object.keys(PEERS) as readonly ClientPeer[];

/** This project's client, whose built file is `cli`, and those of the others that this machine has. */
export function clientsOf(cli: string, { programs }: Pick<Peers, 'programs'>): readonly Client[] {
  const peers = clientPeers.flatMap((name) => {
    const program = programs.get(name);
    return program === undefined ? [] : [PEERS[name](program)];
  });
  return [floeOci(cli), ...peers];
}
