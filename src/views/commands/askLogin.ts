import { l10n, window } from 'vscode';
import type { AccountOffer } from '../credentials/accountCredentials.ts';
import type { Login } from '../credentials/login.ts';
import { askText } from './askText.ts';

/** What is asked for a way to sign in. */
export interface LoginQuestion {
  /** What it is for: a registry, or part of one. */
  readonly scope: string;
  /** Accounts of VS Code that would do. */
  readonly offers: readonly AccountOffer[];
  readonly username: string;
  /** Why the last answer was not good enough. */
  readonly problem?: string | undefined;
}

/** What the user wants to be known by: what was typed, or an account. */
export type LoginAnswer = { readonly login: Login } | { readonly offer: AccountOffer };

type Way = 'password' | 'token' | AccountOffer;

/** Asks how somebody wants to sign in. Undefined when the user leaves one of the prompts. */
export async function askLogin(question: LoginQuestion): Promise<LoginAnswer | undefined> {
  const way = question.offers.length === 0 ? 'password' : await askWay(question);
  if (way === undefined) return undefined;
  if (typeof way === 'object') return { offer: way };
  const login = way === 'token' ? await askToken(question) : await askPassword(question);
  return login && { login };
}

async function askWay({ scope, offers, problem }: LoginQuestion): Promise<Way | undefined> {
  const choices: readonly { readonly label: string; readonly way: Way }[] = [
    ...offers.map((offer) => ({ label: `$(account) ${offer.label}`, way: offer })),
    { label: `$(person) ${l10n.t('User Name and Password or Access Token')}`, way: 'password' },
    { label: `$(key) ${l10n.t('Identity Token or Registry Token')}`, way: 'token' },
  ];
  const placeHolder = problem ?? l10n.t('How do you want to sign in?');
  return (
    await window.showQuickPick(choices, { title: l10n.t('Sign in to {0}', scope), placeHolder, ignoreFocusOut: true })
  )?.way;
}

async function askPassword(question: LoginQuestion): Promise<Login | undefined> {
  const { scope, username, problem } = question;
  const title = l10n.t('Sign in to {0}', scope);
  const user = await askText({
    title,
    prompt: problem ?? l10n.t('User name'),
    placeholder: l10n.t('User name'),
    value: username,
    problemOf: (text) =>
      text.trim() === '' || text.includes(':') ? l10n.t('Type a user name. It has no colon.') : undefined,
    otherwise: l10n.t('Paste an Identity Token or Registry Token Instead'),
  });
  if (user === undefined) return undefined;
  if (user === 'otherwise') return await askToken(question);
  const name = user.text.trim();
  const password = await askText({
    title,
    prompt: l10n.t('Password or access token of {0}', name),
    placeholder: l10n.t('Password or access token'),
    isSecret: true,
    problemOf: (text) => (text === '' ? l10n.t('Type a password or an access token.') : undefined),
  });
  return typeof password === 'object' ? { kind: 'basic', username: name, password: password.text } : undefined;
}

const TOKENS = [
  {
    label: l10n.t('Identity Token'),
    detail: l10n.t('A refresh token. It goes to the token server of the registry alone, which gives tokens for it.'),
    token: 'identityToken',
  },
  {
    label: l10n.t('Registry Token'),
    detail: l10n.t('A bearer token. It goes to the registry as it is, until it runs out.'),
    token: 'registryToken',
  },
] as const;

/** An access token, as GitHub and others make them, stands in the place of a password and is none of these. */
async function askToken({ scope }: LoginQuestion): Promise<Login | undefined> {
  const title = l10n.t('Sign in to {0}', scope);
  const placeHolder = l10n.t('What kind of token is it? An access token goes with a user name, as its password.');
  const chosen = await window.showQuickPick(TOKENS, { title, placeHolder, ignoreFocusOut: true });
  if (chosen === undefined) return undefined;
  const token = await askText({
    title,
    prompt: chosen.label,
    placeholder: chosen.label,
    isSecret: true,
    problemOf: (text) =>
      /^[\x21-\x7e]+$/.test(text.trim()) ? undefined : l10n.t('Paste a token: one word, without spaces.'),
  });
  return typeof token === 'object' ? { kind: chosen.token, token: token.text.trim() } : undefined;
}
