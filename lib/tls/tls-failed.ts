/** What OpenSSL says, without its file names and numbers. */
export const tlsReason = (error: Error & { readonly reason?: string }): string =>
  error.reason ?? error.message;
