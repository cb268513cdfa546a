import {
  AppRootElementBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';
import { SessionDialog } from './dialog/SessionDialog';
import { SessionWatch } from './dialog/SessionWatch';
import { fetchApi } from './fetchApi';
import { oidcAuthApi, portalSessionApi } from './oidcAuthApi';
import { youPage } from './you';

const signInPage = SignInPageBlueprint.make({
  params: {
    loader: () => import('./page/SignInPage').then(m => m.SignInPage),
  },
});

const sessionDialog = AppRootElementBlueprint.make({
  name: 'session-dialog',
  params: { element: <SessionDialog /> },
});

const sessionWatch = AppRootElementBlueprint.make({
  name: 'session-watch',
  params: { element: <SessionWatch /> },
});

/** Everything about who one is: signing in, staying so, and signing out. */
export const signInModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    portalSessionApi,
    oidcAuthApi,
    fetchApi,
    signInPage,
    sessionDialog,
    sessionWatch,
    youPage,
  ],
});
