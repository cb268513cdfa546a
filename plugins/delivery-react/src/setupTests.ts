import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// One second is not always enough for a page to be there on a busy machine.
configure({ asyncUtilTimeout: 15_000 });
