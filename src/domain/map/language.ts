/** The language of a file, by its name. `parsed` ones have symbols and a complexity; the others are only counted. */
export const parsedLanguages = ["typescript", "tsx", "javascript", "python", "go", "rust", "java", "cpp", "csharp", "ruby", "php", "bash"] as const
export type ParsedLanguage = (typeof parsedLanguages)[number]

/** C is read by the grammar of C++, which knows all of it. */
const extensions: Readonly<Record<string, string>> = {
  ...spread("typescript", "ts mts cts"),
  ...spread("tsx", "tsx"),
  ...spread("javascript", "js mjs cjs jsx"),
  ...spread("python", "py pyi"),
  ...spread("go", "go"),
  ...spread("rust", "rs"),
  ...spread("java", "java"),
  ...spread("cpp", "c h cc cpp cxx c++ hh hpp hxx h++ ipp"),
  ...spread("csharp", "cs"),
  ...spread("ruby", "rb rake gemspec"),
  ...spread("php", "php"),
  ...spread("bash", "sh bash"),
  ...spread("kotlin", "kt kts"),
  ...spread("swift", "swift"),
  ...spread("scala", "scala"),
  ...spread("elixir", "ex exs"),
  ...spread("lua", "lua"),
  ...spread("zig", "zig"),
  ...spread("sql", "sql"),
  ...spread("html", "html htm vue svelte"),
  ...spread("css", "css scss sass less"),
  ...spread("markdown", "md mdx markdown"),
  ...spread("rst", "rst"),
  ...spread("asciidoc", "adoc"),
  ...spread("json", "json jsonc json5"),
  ...spread("yaml", "yaml yml"),
  ...spread("toml", "toml"),
  ...spread("ini", "ini cfg conf properties"),
  ...spread("xml", "xml svg"),
  ...spread("proto", "proto"),
  ...spread(
    "binary",
    "png jpg jpeg gif ico bmp webp avif woff woff2 ttf eot otf zip tar gz tgz bz2 xz zst 7z jar pdf mp3 mp4 wav ogg webm mov exe dll so dylib a o wasm class pyc",
  ),
}
const names: Readonly<Record<string, string>> = { makefile: "make", dockerfile: "docker", rakefile: "ruby", gemfile: "ruby" }

/** `text` where nothing is known of the name, `binary` for what is no text. */
export function languageOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase()
  const extension = name.slice(name.lastIndexOf(".") + 1)
  return at(names, name) ?? (name.includes(".") ? at(extensions, extension) : undefined) ?? "text"
}

export const isParsed = (language: string): language is ParsedLanguage => parsedLanguages.some((one) => one === language)

const at = (table: Readonly<Record<string, string>>, key: string): string | undefined => (Object.hasOwn(table, key) ? table[key] : undefined)

function spread(language: string, all: string): Record<string, string> {
  return Object.fromEntries(all.split(" ").map((extension) => [extension, language]))
}
