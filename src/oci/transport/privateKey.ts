import { OciError } from '../errors.ts';

/** Both forms that PEM has for it. RFC 5958, RFC 1421. */
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: *4, *ENCRYPTED/m;

/**
 * Refuses a private key that only its passphrase opens: there is nobody to ask for one each time that a connection is made,
 * and a passphrase kept beside the key protects nothing.
 * @param named what brought it, and the file, or what is to be said in its place
 * @throws OciError INVALID_ARGUMENT naming the file and what to do
 */
export function checkUnencrypted(pem: string, named: { readonly argument: string; readonly file: string }): void {
  if (!ENCRYPTED.test(pem)) return;
  const { argument, file } = named;
  throw new OciError('INVALID_ARGUMENT', `${argument} ${file} is encrypted with a passphrase`, {
    argument,
    value: file,
    accepted: `a key without a passphrase, in a file that only you can read: umask 077; openssl pkey -in ${file} -out NEW_FILE`,
  });
}
