/** A CSS module: the names of its classes, as the build renamed them. */
declare module '*.module.css' {
  const classes: { readonly [name: string]: string };
  export default classes;
}

declare module '*.css';
