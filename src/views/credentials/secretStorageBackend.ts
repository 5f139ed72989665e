import type { SecretsBackend } from '../../oci/index.ts';
import type { Login } from './login.ts';

/**
 * VS Code's secret storage as a backend for one secret: the login that is kept under its name, value by value. `username` is
 * the user name; the password, or the token, answers to any other key and to none, for it is kept under the key's own name.
 * @param readLogin the login that is kept; undefined where there is none
 */
export function secretStorageBackend(readLogin: () => Promise<Login | undefined>): SecretsBackend {
  return {
    read: async ({ key }) => {
      const login = await readLogin();
      if (key === 'username') return login?.username;
      return login?.kind === 'basic' ? login.password : login?.token;
    },
  };
}
