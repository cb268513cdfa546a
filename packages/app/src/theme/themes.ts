import {
  createUnifiedTheme,
  genPageTheme,
  palettes,
  shapes,
} from '@backstage/theme';

/**
 * Name under which tokens.css finds this theme (`data-theme-name`).
 */
export const THEME_NAME = 'slipway';

const FONT =
  'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Colours that both component libraries share; tokens.css has the other half. */
const harbour = {
  deep: '#0c2536',
  deepHover: '#16394f',
  blue: '#14618f',
  sky: '#7cc4ec',
  foam: '#eef4f7',
  night: '#0e161c',
};

// One plain header for every kind of page: colour is kept for status.
const pageTheme = Object.fromEntries(
  [
    'home',
    'documentation',
    'tool',
    'service',
    'website',
    'library',
    'other',
    'app',
    'apis',
    'card',
  ].map(id => [
    id,
    genPageTheme({ colors: [harbour.deep, harbour.deep], shape: shapes.wave2 }),
  ]),
);

const navigation = {
  background: harbour.deep,
  indicator: harbour.sky,
  color: '#c9d6de',
  selectedColor: '#ffffff',
  navItem: { hoverBackground: harbour.deepHover },
  submenu: { background: harbour.deepHover },
};

/** The light theme, for Material UI. */
export const slipwayLight = createUnifiedTheme({
  palette: {
    ...palettes.light,
    primary: { main: harbour.blue },
    link: harbour.blue,
    linkHover: harbour.deep,
    background: { default: '#f6f8f9', paper: '#ffffff' },
    navigation,
  },
  fontFamily: FONT,
  defaultPageTheme: 'home',
  pageTheme,
});

/** The dark theme, for Material UI. */
export const slipwayDark = createUnifiedTheme({
  palette: {
    ...palettes.dark,
    primary: { main: harbour.sky },
    link: harbour.sky,
    linkHover: '#b5def5',
    background: { default: harbour.night, paper: '#172129' },
    navigation: { ...navigation, background: '#091219' },
  },
  fontFamily: FONT,
  defaultPageTheme: 'home',
  pageTheme,
});
