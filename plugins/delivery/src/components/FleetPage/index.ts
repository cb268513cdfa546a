export { FleetPage } from './FleetPage';
export { DeploymentsPages } from './DeploymentsPages';
