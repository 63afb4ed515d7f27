/** Folded and with the domain in its ASCII form, so that one mailbox has one spelling. */
declare const emailBrand: unique symbol;
export type Email = string & { readonly [emailBrand]: 'email' };

const emailMax = 254;
const localMax = 64;
const localPart = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const asciiDomain = new RegExp(`^(?:${label}\\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$`);

/** null when it cannot be an address. Only a delivered letter proves that it is one. */
export function readEmail(text: string): Email | null {
  const cleaned = text.normalize('NFKC').trim().toLowerCase();
  const at = cleaned.lastIndexOf('@');
  if (at < 1 || at > localMax) return null;
  const local = cleaned.slice(0, at);
  const domain = toAsciiDomain(cleaned.slice(at + 1));
  if (domain === null || !localPart.test(local)) return null;
  const email = `${local}@${domain}`;
  return email.length > emailMax ? null : (email as Email);
}

/** почта.рф → xn--80a1acny.xn--p1ai, by the rules browsers use. */
function toAsciiDomain(domain: string): string | null {
  // Characters that end a host would make URL read another one.
  if (domain === '' || /[/?#@:\\\s[\]%]/.test(domain)) return null;
  const url = URL.parse(`http://${domain}/`);
  if (url === null || !asciiDomain.test(url.hostname)) return null;
  return url.hostname;
}
