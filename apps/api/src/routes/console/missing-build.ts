/** Shown where nobody built the console; it needs nothing but itself. */
export const missingBuildPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Momentry: the console is not built</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem }</style>
</head>
<body>
<main>
<h1>The console is not built yet</h1>
<p>The API runs; only the files of its pages are missing. In the folder of Momentry, run</p>
<pre><code>npm run build</code></pre>
<p>and load this page again. <code>npm start</code> does it by itself. The API is described at <a href="/docs">/docs</a>.</p>
</main>
</body>
</html>
`
