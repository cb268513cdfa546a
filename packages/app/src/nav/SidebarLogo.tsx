import {
  Link,
  sidebarConfig,
  useSidebarOpenState,
} from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import { Mark } from './Mark';

const useStyles = makeStyles({
  root: {
    width: sidebarConfig.drawerWidthClosed,
    height: 3 * sidebarConfig.logoHeight,
    display: 'flex',
    flexFlow: 'row nowrap',
    alignItems: 'center',
    marginBottom: -14,
  },
  link: {
    width: sidebarConfig.drawerWidthClosed,
    marginLeft: 20,
    display: 'flex',
    alignItems: 'center',
    gap: 14,
    color: '#ffffff',
    fontSize: 20,
    fontWeight: 600,
    letterSpacing: '-0.01em',
    '&:hover': { textDecoration: 'none' },
  },
});

/**
 * The mark, and the name beside it when the sidebar is open.
 */
export function SidebarLogo() {
  const classes = useStyles();
  const { isOpen } = useSidebarOpenState();
  return (
    <div className={classes.root}>
      <Link
        to="/"
        underline="none"
        className={classes.link}
        aria-label="Slipway, to the deployments"
      >
        <Mark size={28} />
        {isOpen && <span>Slipway</span>}
      </Link>
    </div>
  );
}
