import { Route, Routes } from 'react-router-dom';
import { ActivityPage } from '../Activity';
import { FleetPage } from './FleetPage';

/** The pages below `/deployments`. */
export function DeploymentsPages() {
  return (
    <Routes>
      <Route path="/activity" element={<ActivityPage />} />
      <Route path="*" element={<FleetPage />} />
    </Routes>
  );
}
