import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { DateTime } from 'luxon';
import { webcrypto } from 'node:crypto';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Names of a server: DNS names and IP addresses. */
export type ServerNames = Array<{ type: 'dns' | 'ip'; value: string }>;

/** A certificate authority made for one test, and gone with it. */
export type TestAuthority = {
  /** Its certificate as PEM. */
  pem: string;
  /** Issues a certificate to a server. */
  issue(options: {
    names: ServerNames;
    notBefore?: DateTime;
    notAfter?: DateTime;
  }): Promise<{ cert: string; key: string }>;
};

/** Makes a certificate authority. */
export async function createAuthority(options?: {
  name?: string;
  notBefore?: DateTime;
  notAfter?: DateTime;
}): Promise<TestAuthority> {
  cryptoProvider.set(webcrypto as Crypto);
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${options?.name ?? 'Test authority'}`,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(options ?? {}),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  });
  return {
    pem: certificate.toString('pem'),
    issue: request => issue({ ...request, certificate, signing: keys }),
  };
}

async function issue(options: {
  names: ServerNames;
  notBefore?: DateTime;
  notAfter?: DateTime;
  certificate: X509Certificate;
  signing: CryptoKeyPair;
}): Promise<{ cert: string; key: string }> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=argocd',
    issuer: options.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: options.signing.privateKey,
    signingAlgorithm: ALGORITHM,
    ...validity(options),
    extensions: [new SubjectAlternativeNameExtension(options.names)],
  });
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const key = Buffer.from(der).toString('base64');
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
}

function generateKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, [
    'sign',
    'verify',
  ]) as Promise<CryptoKeyPair>;
}

/** Valid now and for a day, unless said otherwise. */
function validity(options: { notBefore?: DateTime; notAfter?: DateTime }): {
  notBefore: Date;
  notAfter: Date;
} {
  const {
    notBefore = DateTime.now().minus({ days: 1 }),
    notAfter = DateTime.now().plus({ days: 1 }),
  } = options;
  return { notBefore: notBefore.toJSDate(), notAfter: notAfter.toJSDate() };
}
