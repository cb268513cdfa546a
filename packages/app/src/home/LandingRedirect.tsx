import { Navigate } from 'react-router-dom';

/**
 * Sends `/` on to the fleet, replacing it in the history so that "back" leaves.
 */
export function LandingRedirect() {
  return <Navigate to="/deployments" replace />;
}
