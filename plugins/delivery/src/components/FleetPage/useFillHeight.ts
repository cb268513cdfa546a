import { RefObject, useLayoutEffect, useState } from 'react';

const BELOW = 24;
const LEAST = 320;

/**
 * The height that lets an element reach the bottom of the window, as a CSS
 * length. Pages do not know how high the app's own header is, and what stands
 * above (a banner) comes and goes, so it is measured after every render.
 */
export function useFillHeight(ref: RefObject<HTMLElement>): string {
  const [top, setTop] = useState(0);
  // Without dependencies on purpose, see above. It cannot go round for ever: the
  // top does not depend on the height, and the same number renders nothing.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  useLayoutEffect(() => {
    const element = ref.current;
    if (element) {
      setTop(Math.round(element.getBoundingClientRect().top + window.scrollY));
    }
  });
  return `max(${LEAST}px, calc(100dvh - ${top + BELOW}px))`;
}
