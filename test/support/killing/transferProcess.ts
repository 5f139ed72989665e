/** `KIND HOST FOLDER TAG`: one transfer in a process of its own, which says when it begins and when it is over. */
import { parseTag } from '../../../src/oci/spec/tag.ts';
import { type TransferKind, transfer } from './transfers.ts';

const [kind = '', host = '', folder = '', tag = ''] = process.argv.slice(2);
await transfer(kind as TransferKind, host, folder, parseTag(tag), () => process.stdout.write('began\n'));
process.stdout.write('ended\n');
