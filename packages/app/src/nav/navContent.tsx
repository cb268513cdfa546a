import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
} from '@backstage/core-components';
import { NavContentBlueprint } from '@backstage/plugin-app-react';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import { SidebarSearchModal } from '@backstage/plugin-search';
import { UserSettingsSignInAvatar } from '@backstage/plugin-user-settings';
import {
  RiLogoutBoxRLine,
  RiMenuLine,
  RiSearchLine,
  RiUserLine,
} from '@remixicon/react';
import { useSignOut } from '../signIn/you/useSignOut';
import { SidebarLogo } from './SidebarLogo';

function SignOutItem() {
  const signOut = useSignOut();
  return (
    <SidebarItem
      icon={() => <RiLogoutBoxRLine size={20} />}
      text="Sign out"
      onClick={signOut}
    />
  );
}

/**
 * The way around: what runs where first, then the catalog, then the rest.
 */
export const navContent = NavContentBlueprint.make({
  params: {
    component: ({ navItems }) => {
      const nav = navItems.withComponent(item => (
        <SidebarItem icon={() => item.icon} to={item.href} text={item.title} />
      ));

      // These two have their own items below.
      nav.take('page:search');
      nav.take('page:notifications');
      const settings = nav.take('page:user-settings');

      return (
        <Sidebar>
          <SidebarLogo />
          <SidebarGroup label="Search" icon={<RiSearchLine />} to="/search">
            <SidebarSearchModal />
          </SidebarGroup>
          <SidebarDivider />
          <SidebarGroup label="Menu" icon={<RiMenuLine />}>
            {nav.take('page:delivery')}
            {nav.take('page:catalog')}
            <SidebarDivider />
            <SidebarScrollWrapper>
              {nav.rest({ sortBy: 'title' })}
            </SidebarScrollWrapper>
          </SidebarGroup>
          <SidebarSpace />
          <SidebarDivider />
          <NotificationsSidebarItem />
          <SidebarDivider />
          {/* Without a target of its own: on a phone the group opens as a menu,
              and signing out is in it. */}
          <SidebarGroup label="You" icon={<UserSettingsSignInAvatar />}>
            <SidebarItem
              icon={() => <RiUserLine size={20} />}
              to="/you"
              text="You"
            />
            {settings}
            <SignOutItem />
          </SidebarGroup>
        </Sidebar>
      );
    },
  },
});
