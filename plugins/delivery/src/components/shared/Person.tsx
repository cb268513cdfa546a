import { useRouteRef } from '@backstage/core-plugin-api';
import {
  entityRouteParams,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { Avatar, Link } from '@backstage/ui';
import { personOf } from '../../domain/personOf';
import { useCatalogUser } from './useCatalogUser';
import styles from './Person.module.css';

/**
 * Somebody as git or Argo CD names them, with an avatar. Whom the catalog knows
 * by e-mail is shown under the name it has, and leads to their page.
 */
export function Person(props: { name: string }) {
  const { name, email } = personOf(props.name);
  const user = useCatalogUser(email);
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
