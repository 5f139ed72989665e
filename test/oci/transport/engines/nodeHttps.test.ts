import { createNodeTransport } from '../../../../src/oci/transport/engines/nodeHttps.ts';
import { transportContract } from '../../../support/transportContract.ts';

transportContract('nodeHttps', createNodeTransport, {
  ownCertificates: true,
  keepsContentCoding: true,
  reusesAfterHead: true,
  tellsConnecting: true,
});
