// JSON Web Tokens made by Node's own crypto, for the broker to judge.
import { createHmac, sign as signWith } from 'node:crypto';

const part = (value) =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

export const now = () => Math.floor(Date.now() / 1000);

// `key`: a secret for HS…, a private KeyObject for the others.
export function token(claims, { alg = 'HS256', key, header = {} }) {
  const signed = `${part({ alg, typ: 'JWT', ...header })}.${part(claims)}`;
  const digest = `sha${alg.slice(2)}`;
  let signature;
  if (alg === 'none') {
    signature = '';
  } else if (alg.startsWith('HS')) {
    signature = createHmac(digest, key).update(signed).digest('base64url');
  } else if (alg === 'EdDSA') {
    signature = signWith(null, Buffer.from(signed), key).toString('base64url');
  } else {
    const options = { key, dsaEncoding: 'ieee-p1363' };
    signature = signWith(digest, Buffer.from(signed), options).toString(
      'base64url',
    );
  }
  return `${signed}.${signature}`;
}
