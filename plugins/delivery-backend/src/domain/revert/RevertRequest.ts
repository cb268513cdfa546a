/** Between which two states of an application's folders a revert lies. */
export type RevertRequest = {
  /** URL of the repository, as the application's source names it. */
  repoUrl: string;
  /** Branch that the application follows; the default branch when absent. */
  branch?: string;
  /**
   * Folders of the application's manifests, `.` for the whole repository. Nothing
   * outside them is touched. There are several when several sources of one
   * application are folders of one repository: their revisions move together.
   */
  paths: string[];
  /** Commit at which the release that is taken back was first deployed. */
  taken: string;
  /** Commit at which the release that is put back was last deployed. */
  back: string;
};
