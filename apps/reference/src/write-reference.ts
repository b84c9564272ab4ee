import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Application, type ProjectReflection, type TypeDocOptions } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";
import { entryPoints } from "./entry-points.js";
import { optionSets, optionsPage } from "./options-page.js";

export interface ReferenceOptions {
  /** The folder of the repository. */
  readonly root: string;
  /** The folder that the pages of the modules are written into; what is in it is removed first. */
  readonly folder: string;
  /** The file of the page of all options. */
  readonly optionsFile: string;
  /** Where the repository is in a browser, for the links to the source. */
  readonly repository: string;
}

/** Writes a page of Markdown for each module that users import, and one of all options. Rejects where TypeDoc can't read the source. */
export async function writeReference(options: ReferenceOptions): Promise<void> {
  const { root, folder, optionsFile, repository } = options;
  const entries = entryPoints(root);
  const settings: TypeDocOptions & Partial<PluginOptions> = {
    entryPoints: entries.map(({ path }) => path),
    tsconfig: join(root, "tsconfig.base.json"),
    plugin: ["typedoc-plugin-markdown"],
    compilerOptions: { noEmit: true, types: ["node"], typeRoots: [join(root, "node_modules/@types")] },
    skipErrorChecking: true,
    excludeExternals: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeReferences: true,
    gitRevision: "main",
    gitRemote: "origin",
    disableGit: true,
    basePath: root,
    sourceLinkTemplate: `${repository}/blob/main/packages/{path}#L{line}`,
    readme: "none",
    logLevel: "Error",
    outputs: [{ name: "markdown", path: folder }],
    // Options of the plugin that writes Markdown.
    outputFileStrategy: "modules",
    entryFileName: "index",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    hideGroupHeadings: false,
    useCodeBlocks: true,
    expandObjects: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    classPropertiesFormat: "table",
    typeDeclarationFormat: "table",
    enumMembersFormat: "table",
    propertyMembersFormat: "table",
    tableColumnSettings: { hideSources: true, hideModifiers: true, hideInherited: true, hideOverrides: true },
    sanitizeComments: true,
  };
  const app = await Application.bootstrapWithPlugins(settings as Partial<TypeDocOptions>);
  const project = await app.convert();
  if (project === undefined)
    throw new Error("TypeDoc: expected the source to be readable, got the errors above");
  nameModules(project, new Map(entries.map(({ name, path }) => [path, name])));
  await rm(folder, { recursive: true, force: true });
  await app.generateOutputs(project);
  await writeFile(optionsFile, optionsPage(optionSets(project)));
}

/** Calls each module what users write in `import`. */
function nameModules(project: ProjectReflection, names: ReadonlyMap<string, string>): void {
  for (const module of project.children ?? []) {
    const source = module.sources?.[0]?.fullFileName ?? "";
    module.name = names.get(source) ?? module.name;
  }
}
