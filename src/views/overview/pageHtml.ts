import { randomBytes } from 'node:crypto';
import { env, l10n, Uri, type Webview } from 'vscode';
import { loadingTexts } from './pageTexts.ts';

/** Where the built script and style of the page are. */
export function pageFolder(extension: Uri): Uri {
  return Uri.joinPath(extension, 'dist');
}

/**
 * The page as it is before it knows anything. It may run our one script and use our one style, and nothing else: no other
 * script, no picture, no request, no form. Text of registries comes by messages, never in here.
 */
export function pageHtml(webview: Webview, extension: Uri): string {
  const nonce = randomBytes(16).toString('base64url');
  const address = (name: string): string => webview.asWebviewUri(Uri.joinPath(pageFolder(extension), name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escaped(env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(l10n.t('Artifact overview'))}</title>
<link rel="stylesheet" nonce="${nonce}" href="${escaped(address('overview.css'))}">
</head>
<body>
<main id="page" aria-busy="true"><p role="status">${escaped(loadingTexts().manifest)}</p></main>
<script nonce="${nonce}" src="${escaped(address('overview.js'))}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
