import { type Answer, errorAnswer, jsonAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { pageOf } from './paging.ts';

export function listTags(exchange: Exchange, name: string): Answer {
  const repository = exchange.content.repositories.get(name);
  if (!repository)
    return errorAnswer(404, 'NAME_UNKNOWN', 'repository name not known to registry', { detail: { name } });
  const page = pageOf(repository.tags.keys(), exchange);
  if ('status' in page) return page;
  const tags = page.entries.length === 0 && exchange.quirks.nullTags ? null : page.entries;
  return jsonAnswer(200, { name, tags }, page.headers);
}

export function listRepositories(exchange: Exchange): Answer {
  const page = pageOf(exchange.content.repositories.keys(), exchange);
  return 'status' in page ? page : jsonAnswer(200, { repositories: page.entries }, page.headers);
}
