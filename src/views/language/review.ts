import { Diagnostic, DiagnosticSeverity, l10n, Range, type TextDocument } from 'vscode';
import type { Finding } from '../../floe/textRange.ts';
import { plainText } from '../plainText.ts';
import { PROBLEM_SOURCE } from './problemSource.ts';

/** What the Problems view has to show for a document of floe. */
export async function review(document: TextDocument): Promise<Diagnostic[]> {
  const text = document.getText();
  const findings = document.uri.path.endsWith('.json') ? await reviewJson(text) : await reviewYaml(text);
  return findings.map((finding) => diagnosticOf(document, finding));
}

/** JSON needs no YAML, and the other way round. */
async function reviewJson(text: string): Promise<readonly Finding[]> {
  return (await import('../../floe/reviewCompiledArtifacts.ts')).reviewCompiledArtifacts(text);
}

async function reviewYaml(text: string): Promise<readonly Finding[]> {
  return (await import('../../floe/registryManifest.ts')).reviewRegistryManifest(text);
}

function diagnosticOf(document: TextDocument, { severity, path, message, start, end }: Finding): Diagnostic {
  const range = new Range(document.positionAt(start), document.positionAt(end));
  const sentence = plainText(`${path === '' ? l10n.t('The document') : path} ${message}.`);
  const level = severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
  const diagnostic = new Diagnostic(range, sentence, level);
  diagnostic.source = PROBLEM_SOURCE;
  return diagnostic;
}
