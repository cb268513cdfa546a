/** The roles that every Argo CD comes with. */
export const BUILTIN_POLICY = `
p, role:readonly, applications, get, */*, allow
p, role:readonly, certificates, get, *, allow
p, role:readonly, clusters, get, *, allow
p, role:readonly, repositories, get, *, allow
p, role:readonly, projects, get, *, allow
p, role:readonly, accounts, get, *, allow
p, role:readonly, gpgkeys, get, *, allow
p, role:readonly, logs, get, */*, allow

p, role:admin, applications, create, */*, allow
p, role:admin, applications, update, */*, allow
p, role:admin, applications, delete, */*, allow
p, role:admin, applications, sync, */*, allow
p, role:admin, applications, override, */*, allow
p, role:admin, applications, action/*, */*, allow
p, role:admin, clusters, create, *, allow
p, role:admin, clusters, update, *, allow
p, role:admin, clusters, delete, *, allow
p, role:admin, repositories, create, *, allow
p, role:admin, repositories, update, *, allow
p, role:admin, repositories, delete, *, allow
p, role:admin, projects, create, *, allow
p, role:admin, projects, update, *, allow
p, role:admin, projects, delete, *, allow
p, role:admin, accounts, update, *, allow
p, role:admin, exec, create, */*, allow

g, role:admin, role:readonly
g, admin, role:admin
`;

/**
 * What the accounts of a portal may do, as an operator would write it into
 * `argocd-rbac-cm`: one account looks, the other one also syncs. Sync is all
 * that refreshing, syncing, terminating and rolling back ask for.
 */
export const PORTAL_POLICY = `
g, portal-read, role:readonly

p, role:portal-act, applications, get, */*, allow
p, role:portal-act, applications, sync, */*, allow
p, role:portal-act, projects, get, *, allow
p, role:portal-act, clusters, get, *, allow
g, portal-act, role:portal-act
`;
