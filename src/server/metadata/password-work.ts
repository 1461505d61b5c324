import type { Binding } from '../core/connection.js';
import type { Request } from '../core/request.js';
import type { Login } from '../login/login.js';

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
