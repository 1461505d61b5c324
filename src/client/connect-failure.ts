const certificate =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT|INVALID_CA|HOSTNAME_)/;

/** Says that no connection came about, and what to look at first. */
export function connectFailureText(where: string, reason: string, attempts = 1): string {
  const tries = attempts > 1 ? ` (${attempts} attempts)` : '';
  return `cannot connect to ${where}: ${reason}${tries}; ${whatToLookAt(reason)}`;
}

function whatToLookAt(reason: string): string {
  if (certificate.test(reason)) return 'its certificate is not accepted';
  if (/^(?:ENOTFOUND|EAI_)/.test(reason)) return 'no such host is known; is the name right?';
  if (/^(?:ECONNRESET|EPROTO|ERR_SSL)/.test(reason)) {
    return 'something hangs up there; does it speak TLS, and is it meant to?';
  }
  return 'is the server running there?';
}
