// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Properties;
import org.apache.solr.client.solrj.embedded.SSLConfig;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;
import org.apache.solr.security.Sha256AuthenticationProvider;

/**
 * Real Solr nodes in one process: java SolrTestServer HOME CONF KIND:PORT...
 *
 * <p>Each has a core "core0" with the configuration in CONF, which is the configset _default too. KIND is plain, auth (user
 * app, password secret) or tls (HOME/server.p12, HOME/trust.p12, and a certificate of the client is asked for). Prints
 * "READY" once all answer; ends with SIGTERM.
 */
public class SolrTestServer {
  private static final String SECURITY = """
      {"authentication": {"class": "solr.BasicAuthPlugin", "blockUnknown": true, "credentials": {"app": "%s"}},
       "authorization": {"class": "solr.RuleBasedAuthorizationPlugin",
                         "permissions": [{"name": "all", "role": "admin"}], "user-role": {"app": "admin"}}}
      """;

  private final Path home;
  private final Path conf;
  private final ArrayDeque<JettySolrRunner> nodes = new ArrayDeque<>();

  private SolrTestServer(Path home, Path conf) {
    this.home = home;
    this.conf = conf;
  }

  public static void main(String[] args) {
    PrintStream answers = System.out;
    System.setOut(System.err);
    try {
      Path home = Path.of(args[0]).toAbsolutePath();
      SolrTestServer server = new SolrTestServer(home, Path.of(args[1]).toAbsolutePath());
      System.setProperty("jetty.testMode", "true");
      System.setProperty("solr.default.confdir", args[1]);
      Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
      for (String spec : List.of(args).subList(2, args.length)) {
        String[] parts = spec.split(":");
        server.start(parts[0], Integer.parseInt(parts[1]));
      }
      answers.println("READY");
      Thread.currentThread().join();
    } catch (Throwable failure) {
      failure.printStackTrace();
      System.exit(1);
    }
  }

  private void start(String kind, int port) throws Exception {
    Path node = Files.createDirectories(home.resolve(kind));
    Files.writeString(node.resolve("solr.xml"), "<solr></solr>");
    Files.writeString(node.resolve("security.json"), kind.equals("auth")
        ? SECURITY.formatted(Sha256AuthenticationProvider.getSaltedHashedValue("secret")) : "{}");
    copy(node.resolve("configsets/_default/conf"));
    copy(node.resolve("core0/conf"));
    Files.writeString(node.resolve("core0/core.properties"), "name=core0\n");
    JettyConfig.Builder config = JettyConfig.builder().setContext("/solr").setPort(port).stopAtShutdown(false);
    if (kind.equals("tls")) {
      config.withSSLConfig(new SSLConfig(
          true, true, home.resolve("server.p12").toString(), "secret", home.resolve("trust.p12").toString(), "secret"));
    }
    JettySolrRunner runner = new JettySolrRunner(node.toString(), new Properties(), config.build());
    runner.start();
    nodes.push(runner);
  }

  private void copy(Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.newDirectoryStream(conf)) {
      for (Path file : files) {
        if (!Files.exists(to.resolve(file.getFileName()))) Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private void stop() {
    for (JettySolrRunner node : nodes) {
      try {
        node.stop();
      } catch (Exception failure) {
        System.err.println(failure);
      }
    }
  }
}
