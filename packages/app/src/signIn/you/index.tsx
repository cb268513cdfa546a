import { PageBlueprint } from '@backstage/frontend-plugin-api';
import { RiUserLine } from '@remixicon/react';

/** Who the portal thinks one is, at `/you`; its entry is in the navigation. */
export const youPage = PageBlueprint.make({
  name: 'you',
  params: {
    path: '/you',
    title: 'You',
    icon: <RiUserLine size={20} />,
    loader: () => import('./YouPage').then(m => <m.YouPage />),
  },
});
