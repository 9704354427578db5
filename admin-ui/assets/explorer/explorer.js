// Starts GraphiQL against our own endpoint. Nothing is fetched from elsewhere.
const fetcher = window.GraphiQL.createFetcher({ url: "/graphql" });
window.ReactDOM.createRoot(document.getElementById("explorer")).render(
  window.React.createElement(window.GraphiQL, {
    fetcher,
    defaultEditorToolsVisibility: "headers",
    defaultHeaders: '{\n  "authorization": "Bearer "\n}',
    defaultQuery: "mutation SignIn($input: SignInInput!) {\n  signIn(input: $input) {\n    tokens { accessToken }\n    refusal { code next }\n  }\n}\n",
  }),
);
