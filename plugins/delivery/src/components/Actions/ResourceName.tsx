import { ResourceIdentity } from '@slipway/plugin-delivery-common';
import styles from './PlanView.module.css';

/** A Kubernetes resource as people name it. */
export function ResourceName(props: { resource: ResourceIdentity }) {
  const { kind, name, namespace } = props.resource;
  return (
    <span>
      {kind} <strong>{name}</strong>
      {namespace && <span className={styles.namespace}> {namespace}</span>}
    </span>
  );
}
