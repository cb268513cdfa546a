/** The parts of a container image reference. */
export type ImageReference = {
  /** Registry and repository, without tag and digest. */
  image: string;
  tag?: string;
  /** With its algorithm: `sha256:...`. */
  digest?: string;
};

/**
 * Takes an image reference apart: `registry:5000/team/app:1.2@sha256:...`.
 * A colon begins a tag only behind the last slash; before it, it is a port.
 */
export function parseImageReference(reference: string): ImageReference {
  const at = reference.indexOf('@');
  const digest = at === -1 ? undefined : reference.slice(at + 1) || undefined;
  const named = at === -1 ? reference : reference.slice(0, at);
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  return {
    image: tagged ? named.slice(0, colon) : named,
    tag: tagged ? named.slice(colon + 1) || undefined : undefined,
    digest,
  };
}
