/** Tells the names that are surely files from those that may be directories. */

/** True for a name, or the last segment of a pattern, with an extension that is commonly a file's: `a.ts`, `*.md`, but not `v1.2` or `.github`. */
export function looksLikeFile(name: string): boolean {
  const dot = name.lastIndexOf(".")
  return dot > 0 && extensions.has(name.slice(dot + 1).toLowerCase())
}

const extensions = new Set(
  (
    "astro bash bat bib bzl c cc cfg cjs clj cls cmake cmd conf cpp cs css csv cts cxx dart diff edn eex ejs elm env erl ex exs feature fish fs fsx gif go gql " +
    "gradle graphql groovy h haml hbs hcl heex hh hpp hrl hs htm html ico inc ini ipynb java jpeg jpg js json json5 jsonc jsonl jsx jl key kt kts less lhs lock log " +
    "lua m make md mdc mdx mjs mk ml mli mm mts nim nix org otf patch pdf pem php pl plist pm png po prisma properties proto ps1 pug py pyi r rake rb rego " +
    "rs rst sass sbt scala scm scss sh sln snap sol sql styl svelte svg swift tex tf tfvars tmpl toml ts tsv tsx ttf twig txt v vb vue wasm webp woff woff2 " +
    "xcconfig xhtml xml xsd yaml yml zig zsh csproj vbproj"
  ).split(" "),
)
