import type { Binding } from './connection.js';
import type { Login } from './login.js';
import type { Request } from './request.js';

/** What password work is for. */
export type PasswordWork =
  | {
      readonly kind: 'login';
      readonly login: Login;
      /** User whose hash is compared; `undefined` for an unknown name. */
      readonly userId: number | undefined;
      readonly hash: string;
    }
  | { readonly kind: 'create-user'; readonly request: Request; readonly binding: Binding }
  | {
      readonly kind: 'check-current';
      readonly request: Request;
      readonly binding: Binding;
      readonly newPassword: Uint8Array;
    }
  | { readonly kind: 'new-password'; readonly request: Request; readonly binding: Binding };
