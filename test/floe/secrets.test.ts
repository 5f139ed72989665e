import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkForSecrets, findSecrets } from '../../src/floe/secrets.ts';
import { documentOf, documentOfText, fixture } from './documents.ts';

/** Joined at run time, so that nothing that reads this file takes them for real. */
const of = (...parts: readonly string[]): string => parts.join('');
const letters = (length: number): string => 'aB3xY9Kq'.repeat(16).slice(0, length);
const hex = (length: number): string => '0123456789abcdef'.repeat(8).slice(0, length);

const SHAPES: Readonly<Record<string, string>> = {
  'an RSA private key': of('-----BEGIN RSA ', 'PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----'),
  'a PKCS #8 private key': of('-----BEGIN ', 'PRIVATE KEY-----\\nMIIE'),
  'an OpenSSH private key': of('-----BEGIN OPENSSH ', 'PRIVATE KEY-----'),
  'a PGP private key': of('-----BEGIN PGP ', 'PRIVATE KEY BLOCK-----'),
  'a JSON Web Token': of('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0.', letters(43)),
  'an unsigned JSON Web Token': of('eyJhbGciOiJub25lIn0', '.eyJzdWIiOiIxMjM0In0.'),
  'an AWS access key id': of('AKIA', 'IOSFODNN7EXAMPLE'),
  'a temporary AWS access key id': of('ASIA', 'IOSFODNN7EXAMPLE'),
  'a GitHub token': of('ghp_', letters(36)),
  'a GitHub app token': of('ghs_', letters(36)),
  'a fine-grained GitHub token': of('github_pat_', letters(22), '_', letters(59)),
  'a GitLab token': of('glpat-', letters(20)),
  'a Google API key': of('AIza', letters(35)),
  'a Google access token': of('ya29.', letters(40)),
  'a Slack token': of('xoxb-', '123456789012-', letters(24)),
  'a Microsoft Entra client secret': of('abc8', 'Q~', letters(34)),
  'an Azure connection string': of('DefaultEndpointsProtocol=https;AccountName=x;AccountKey=', letters(86), '=='),
  'an Azure shared access signature': of('https://x.blob.core.windows.net/c?sv=2024&sig=', letters(43), '%3D'),
  'a Docker Hub token': of('dckr_pat_', letters(27)),
  'a Vault token': of('hvs.', letters(24)),
  'a Databricks token': of('dapi', hex(32)),
  'a password in a URL': 'postgresql://app:hunter2@db.example:5432/app',
  'a password in an ODBC string': 'Driver={ODBC};Server=db;UID=app;PWD=hunter2;Encrypt=yes',
  'a password in a libpq string': 'host=db user=app password=hunter2 dbname=app',
};

describe('a secret', () => {
  it.each(Object.entries(SHAPES))('is known by its form wherever it stands: %s', (_, secret) => {
    expect(findSecrets({ transforms: { models: [{ name: 'x', description: secret }] } })).toEqual([
      'transforms.models[0].description',
    ]);
    expect(findSecrets({ a: `before ${secret} after` })).toEqual(['a']);
  });

  it.each([
    'password',
    'PASSWORD',
    'db_password',
    'dbPassword',
    'pass',
    'passwd',
    'private_key_passphrase',
    'pwd',
    'token',
    'access_token',
    'bearer_token',
    'refreshToken',
    'secret',
    'client_secret',
    'clientSecret',
    'api_key',
    'apiKey',
    'x-api-key',
    'apikey',
    'access_key',
    'aws_secret_access_key',
    'secret_key',
    'private_key',
  ])('is a literal value under %s', (name) => {
    expect(findSecrets({ plugins: { compute: { config: { [name]: 'hunter2' } } } })).toEqual([
      `plugins.compute.config.${name}`,
    ]);
  });

  it('is found in lists, in wrapped values, in headers and in numbers', () => {
    expect(
      findSecrets({
        tokens: 'innocent',
        token: ['{{ env_var("A") }}', 'hunter2'],
        client_secret: { value: 'hunter2' },
        headers: { Authorization: 'Bearer hunter2', 'Proxy-Authorization': 'Basic aHVudGVyMg==' },
        password: 123456,
      }),
    ).toEqual(['token[1]', 'client_secret.value', 'headers.Authorization', 'headers.Proxy-Authorization', 'password']);
  });

  it('is a default that stands in a reference', () => {
    expect(findSecrets({ password: "{{ env_var('DB_PASSWORD', 'hunter2') }}" })).toEqual(['password']);
    expect(findSecrets({ password: '$' + '{DB_PASSWORD:-hunter2}' })).toEqual(['password']);
    expect(findSecrets({ password: "{{ 'hunter2' }}" })).toEqual(['password']);
  });

  it('is an Azure account key, by name and form together', () => {
    const key = of(letters(86), '==');
    expect(findSecrets({ azure_account_key: key, content_hash: key })).toEqual(['azure_account_key']);
  });

  it('is named by its path, in the order of the document, and never shown', () => {
    const document = documentOf({ 'a.b': { token: 'hunter2' }, c: { d: [{ password: 'hunter2' }] } });
    expect(() => checkForSecrets(document)).toThrow(
      expect.objectContaining({
        code: 'SECRET_IN_DOCUMENT',
        message: 'compiled_artifacts.json has what looks like a secret at ["a.b"].token and 1 more',
        details: { file: 'compiled_artifacts.json', paths: ['["a.b"].token', 'c.d[0].password'] },
      }),
    );
  });
});

describe('innocent documents pass', () => {
  const INNOCENT: Readonly<Record<string, unknown>> = {
    'names of models, columns and tags': {
      models: [
        { name: 'api_events', tags: ['token', 'secret', 'password', 'pii:api_key'], depends_on: ['key_accounts'] },
        { name: 'key_accounts', columns: ['account_key', 'password', 'token'] },
        { name: 'token_usage', quality_checks: [{ name: 'password_not_null', column: 'password', type: 'not_null' }] },
      ],
    },
    'columns that are called after secrets': {
      columns: { password: 'varchar(64)', api_key: 'text', token: 'string', client_secret: { data_type: 'text' } },
      column_types: { access_token: 'VARCHAR' },
      descriptions: { password: 'The hash of what the customer chose.', token: 'Opaque.' },
      meta: { token: 'pii' },
    },
    'what keys say about keys': {
      primaryKey: true,
      primaryKeyPosition: 1,
      primary_key: 'order_id',
      unique_key: ['a', 'b'],
      foreign_key: 'customer_key',
      partition_key: 'day',
      sort_key: 'created_at',
      account_key: 'account_id',
      key: 'password',
      key_file: '/etc/keys/app.json',
      private_key_path: '/etc/keys/app.pem',
      public_key: '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
    },
    'counts, switches and where to find secrets': {
      secrets_scanned: 12,
      max_tokens: 4096,
      token_count: 3,
      token: 3,
      has_password: true,
      password: null,
      api_key: '',
      secret: false,
      password_env: 'DB_PASSWORD',
      secret_name: 'db-creds',
      token_url: 'https://login.example/oauth/token',
      token_type: 'bearer',
      auth_type: 'api_key',
      password_policy: 'rotate every 90 days',
      header_name: 'Authorization',
      next_page_token: '$.next',
    },
    'secret references': {
      token: { source: 'kubernetes', name: 'polaris', key: 'token' },
      credentials_ref: { source: 'env', name: 'db-creds', key: 'password' },
    },
    'references of all kinds': {
      token: [
        "{{ env_var('FLOE_SECRET_DB_PASSWORD') }}",
        '{{ env_var("X") }}',
        "{{ env_var('X', '') }}",
        "{{ env_var('X') | trim }}",
        "{{- var('x') -}}",
        '{{ secrets.token }}',
        "{{ secrets['token'] }}",
        '$' + '{DB_PASSWORD}',
        '$' + '{DB_PASSWORD:-}',
        '$' + '{{ secrets.X }}',
        '$(DB_PASSWORD)',
        '$DB_PASSWORD',
        '%DB_PASSWORD%',
        '%(password)s',
        '{password}',
        'secret://kubernetes/db/password',
        'vault:secret/data/db#password',
        'op://vault/item/field',
        'env:DB_PASSWORD',
        'env_var(DB_PASSWORD)',
        'FLOE_SECRET_DB_PASSWORD',
        'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db',
        'projects/p/secrets/db/versions/latest',
        'https://kv.vault.azure.net/secrets/db',
        '/run/secrets/db_password',
        'Bearer {{ env_var("TOKEN") }}',
      ],
    },
    'masks and placeholders': { token: ['**********', '***', '••••', 'xxxx', '<token>', '[REDACTED]', 'none', '   '] },
    'addresses that hold no password': {
      urls: [
        'https://app@db.example/x',
        'git@github.com:acme/app.git',
        'https://registry.example:5000/a:b@sha256:abc',
        'postgresql://{{ env_var("U") }}:{{ env_var("P") }}@db/app',
        'postgresql://app:$' + '{PASSWORD}@db/app',
        'redis://:***@cache:6379',
        'host=db user=app dbname=app password=<yours>',
        'mongodb://db.example:27017/?authSource=admin',
      ],
    },
    'texts that talk about secrets': {
      descriptions: [
        'Set password = your password, or token: none.',
        'Bearer tokens are sent in the Authorization header.',
        'Keys begin with ghp_ or glpat- or AKIA; JWTs with eyJ.',
        'where password is not null and token <> secret',
        'The api_key column; see sk-learn, pk-constraints, key_metrics and token_bucket.',
        'task-eyJson.eyJpg.x',
      ],
    },
    'hashes and identifiers': {
      source_hash: of('sha256:', hex(64)),
      digest: hex(64),
      uuid: '123e4567-e89b-12d3-a456-426614174000',
      sha512: of(letters(86), '=='),
      role: 'arn:aws:iam::123456789012:role/reader',
    },
  };

  it.each(Object.entries(INNOCENT))('%s', (_, document) => {
    expect(findSecrets(document)).toEqual([]);
  });

  it.each(readdirSync(join(import.meta.dirname, '../fixtures/floe')).filter((name) => name.endsWith('.json')))(
    'the fixture %s',
    (name) => {
      expect(() => checkForSecrets(fixture(name))).not.toThrow();
    },
  );
});

describe('the search', () => {
  it('takes linear time on texts made to slow it down', () => {
    const long = 200_000;
    for (const text of ['eyJ', 'a://', 'a://b:', '{{ env_var(', ';pwd=', 'AKIA', '.', '-----BEGIN ', "{{ a('", '${']) {
      expect(findSecrets({ text: text.repeat(long / text.length), password: '' })).toEqual([]);
    }
  });

  it('goes as deep as a document does', () => {
    const depth = 20_000;
    const text = `${'['.repeat(depth)}${'{"password":"hunter2"}'}${']'.repeat(depth)}`;
    expect(() => checkForSecrets(documentOfText(text))).toThrow(
      expect.objectContaining({ code: 'SECRET_IN_DOCUMENT' }),
    );
  });

  it('stops at a hundred findings', () => {
    expect(findSecrets(Array.from({ length: 1000 }, () => ({ password: 'hunter2' })))).toHaveLength(100);
  });
});
