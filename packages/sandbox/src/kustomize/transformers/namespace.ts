import { groupOf, isJsonObject, Json, KubernetesObject } from '../objects';
import { isNamespaced } from '../scope';

/**
 * Moves an object into a namespace. A Namespace itself is renamed, which
 * surprises many and is what kustomize does. Role bindings follow for the
 * service accounts that are rendered along, and for `default`.
 *
 * @param options.serviceAccounts - names of the service accounts rendered.
 */
export function setNamespace(
  object: KubernetesObject,
  options: { namespace: string; serviceAccounts: ReadonlySet<string> },
): KubernetesObject {
  const { namespace, serviceAccounts } = options;
  const group = groupOf(object);
  if (group === '' && object.kind === 'Namespace') {
    return { ...object, metadata: { ...object.metadata, name: namespace } };
  }
  const moved = isNamespaced({ group, kind: object.kind })
    ? { ...object, metadata: { ...object.metadata, namespace } }
    : object;
  if (!/^(Cluster)?RoleBinding$/.test(object.kind)) return moved;
  const subjects = object.subjects;
  if (!Array.isArray(subjects)) return moved;
  return {
    ...moved,
    subjects: subjects.map((subject: Json): Json => {
      if (!isJsonObject(subject) || subject.kind !== 'ServiceAccount') {
        return subject;
      }
      const name = String(subject.name);
      return name === 'default' || serviceAccounts.has(name)
        ? { ...subject, namespace }
        : subject;
    }),
  };
}
