import { Skeleton } from '@backstage/ui';
import { ReadingWords } from '../shared/ReadingWords';
import tab from './DeploymentsTab.module.css';
import column from './EnvironmentColumn.module.css';

const COLUMNS = ['first', 'second', 'third'];
const LINES = ['70%', '90%', '60%', '80%', '50%'];

/** The shape of the tab while it is being read. */
export function TabSkeleton() {
  return (
    <>
      <ReadingWords />
      <Skeleton width="min(36rem, 100%)" height="1.75rem" />
      <div className={tab.environments} aria-hidden="true">
        {COLUMNS.map(name => (
          <div key={name} className={column.environment}>
            <div className={column.column}>
              <Skeleton width="8rem" height="1.25rem" />
              <Skeleton width="6rem" height="1.25rem" />
              {LINES.map(width => (
                <Skeleton key={width} width={width} height="1rem" />
              ))}
            </div>
          </div>
        ))}
      </div>
    </>
  );
}
