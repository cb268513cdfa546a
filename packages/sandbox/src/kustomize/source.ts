/** Files of one commit, as the renderers see them. */
export interface FileSource {
  /** Text of a file by its path from the root; undefined when absent. */
  read(path: string): string | undefined;
  /** Paths of all files below a folder (`''` = all), in any depth, sorted. */
  list(folder: string): readonly string[];
}

/** A {@link FileSource} over a map of path to text. */
export function fileSourceOf(files: ReadonlyMap<string, string>): FileSource {
  return {
    read: path => files.get(path),
    list: folder =>
      [...files.keys()]
        .filter(path => folder === '' || path.startsWith(`${folder}/`))
        .sort(),
  };
}
