/** Bytes as text: base64url without padding, the one spelling that the service takes. Pure. */

/** @param {ArrayBuffer | Uint8Array} bytes */
export function base64url(bytes) {
  const text = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A random name of 96 bits. @param {Crypto} source */
export const randomName = (source) => base64url(source.getRandomValues(new Uint8Array(12)));

/** How many bytes a text is on the wire. @param {string} text */
export const bytesOf = (text) => new TextEncoder().encode(text).length;
