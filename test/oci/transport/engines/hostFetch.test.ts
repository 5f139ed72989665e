import { createHostFetchTransport } from '../../../../src/oci/transport/engines/hostFetch.ts';
import { transportContract } from '../../../support/transportContract.ts';

transportContract('hostFetch', createHostFetchTransport, {
  ownCertificates: false,
  keepsContentCoding: false,
  reusesAfterHead: false,
  tellsConnecting: false,
});
