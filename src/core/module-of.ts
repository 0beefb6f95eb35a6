/** The object that a CommonJS module exports, however `import()` wraps it. */
export function moduleOf<Module extends object>(namespace: Module): Module {
  return (namespace as { readonly default?: Module }).default ?? namespace;
}
