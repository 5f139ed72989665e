import LinkHeader from 'http-link-header';
import type { HttpResponse } from '../transport/transport.ts';

/** Where `Link` says that the next page is, as it is written there. RFC 8288 */
export function nextLink({ headers }: HttpResponse): string | undefined {
  try {
    return LinkHeader.parse(headers.get('link') ?? '').rel('next')[0]?.uri;
  } catch {
    return undefined;
  }
}
