import { createApp } from '@backstage/frontend-defaults';
import { homeModule } from './home';
import { navModule } from './nav';
import { signInModule } from './signIn';
import { themeModule } from './theme';

/**
 * The portal. Plugins arrive by discovery (`app.packages` in app-config); what
 * stands here is what only an app can say: where it starts, how it looks, how
 * one gets around and how one signs in.
 */
export const app = createApp({
  features: [homeModule, navModule, signInModule, themeModule],
});
