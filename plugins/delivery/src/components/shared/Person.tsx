import { useRouteRef } from '@backstage/core-plugin-api';
import {
  entityRouteParams,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { Avatar, Link } from '@backstage/ui';
import { personOf } from '../../domain/personOf';
import {
  CatalogUser,
  useCatalogUser,
  useCatalogUserByRef,
} from './useCatalogUser';
import { Robot } from './Robot';
import styles from './Person.module.css';

/**
 * Somebody as git or Argo CD names them, with an avatar. Whom the catalog knows
 * by e-mail is shown under the name it has, and leads to their page.
 */
export function Person(props: { name: string }) {
  const { name, email } = personOf(props.name);
  const user = useCatalogUser(email);
  return <Named name={name} user={user} />;
}

/**
 * Somebody as our own record names them: a person of the catalog by ref, with
 * avatar and name, or a service, labelled as one.
 */
export function Actor(props: {
  /** Entity ref of a person, or the name of a service. */
  actor: string;
  /** Told by the form of the ref when absent. */
  kind?: 'user' | 'service';
}) {
  const { actor } = props;
  const person = /^user:(?:[^/]+\/)?([^/]+)$/i.exec(actor);
  const kind = props.kind ?? (person ? 'user' : 'service');
  const user = useCatalogUserByRef(person ? actor : undefined);
  return kind === 'service' ? (
    <Robot name={actor} />
  ) : (
    <Named name={person?.[1] ?? actor} user={user} />
  );
}

function Named(props: { name: string; user?: CatalogUser }) {
  const { name, user } = props;
  const entityRoute = useRouteRef(entityRouteRef);
  const displayName = user?.displayName ?? name;
  return (
    <span className={styles.person}>
      <Avatar
        size="x-small"
        purpose="decoration"
        name={displayName}
        src={user?.picture ?? ''}
      />
      <span className={styles.name}>
        {user ? (
          <Link
            href={entityRoute(
              entityRouteParams(user.entityRef, { encodeParams: true }),
            )}
          >
            {displayName}
          </Link>
        ) : (
          displayName
        )}
      </span>
    </span>
  );
}
