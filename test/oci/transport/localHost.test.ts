import { describe, expect, it } from 'vitest';
import { isLinkLocalHost, isLocalHost } from '../../../src/oci/transport/localHost.ts';

/** As they may be written; URL makes one spelling of most. */
const LINK_LOCAL = [
  '169.254.169.254',
  '169.254.170.2.',
  '100.100.100.200',
  '[::ffff:169.254.169.254]',
  '[::ffff:100.100.100.200]',
  '[64:ff9b::169.254.169.254]',
  '[fe80::1]',
  '[febf::1]',
  '[fd00:ec2::254]',
];

const LOCAL = [
  ...LINK_LOCAL,
  'localhost',
  'LOCALHOST.',
  'x.localhost',
  '127.0.0.1',
  '127.9.9.9',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[ff02::1]',
  '[::ffff:0.0.0.0]',
];

describe('this machine and its link', () => {
  it.each(LOCAL)('%s is', (host) => {
    expect(isLocalHost(new URL(`http://${host}/`).hostname)).toBe(true);
  });

  it.each([
    'r.example',
    'localhost.example',
    '10.0.0.1',
    '192.168.1.1',
    '172.16.0.1',
    '8.8.8.8',
    '128.0.0.1',
    '100.64.0.1',
    '[2001:db8::1]',
    '[fd12::1]',
    '[::ffff:8.8.8.8]',
    '[64:ff9b::8.8.8.8]',
    'fe80.example',
  ])('%s is not', (host) => {
    expect(isLocalHost(new URL(`http://${host}/`).hostname)).toBe(false);
  });
});

describe('link-local and metadata addresses', () => {
  it.each(LINK_LOCAL)('%s is one', (host) => {
    expect(isLinkLocalHost(new URL(`http://${host}/`).hostname)).toBe(true);
  });

  it.each(['localhost', '127.0.0.1', '[::1]', '0.0.0.0', '169.253.1.1', '[fec0::1]', '169.254.example', 'r.example'])(
    '%s is none',
    (host) => {
      expect(isLinkLocalHost(new URL(`http://${host}/`).hostname)).toBe(false);
    },
  );
});
