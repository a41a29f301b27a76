import com.beanit.openiec61850.BasicDataAttribute;
import com.beanit.openiec61850.SclParser;
import com.beanit.openiec61850.ServerEventListener;
import com.beanit.openiec61850.ServerModel;
import com.beanit.openiec61850.ServerSap;
import com.beanit.openiec61850.ServiceError;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The iec61850bean server, configured by an SCL file and a file of values. Speaks the line protocol of ../../README.md. */
final class Server {
  private Server() {}

  public static void main(String[] argv) throws Exception {
    Map<String, String> options = Lines.arguments(argv);
    Lines.deadline(Long.parseLong(options.getOrDefault("deadline", "300")));
    ServerModel model = SclParser.parse(options.get("scl")).get(0);
    for (String line : Files.readAllLines(Path.of(options.get("values")))) {
      String[] parts = line.split("\t", -1);
      String[] path = parts[0].split("/");
      Values.set(Values.find(model, path[0], path[1]), parts[2]);
    }
    int port = Integer.parseInt(options.getOrDefault("port", "0"));
    if (port == 0) {
      try (ServerSocket probe = new ServerSocket(0)) {
        port = probe.getLocalPort();
      }
    }
    ServerSap server = new ServerSap(port, 0, InetAddress.getLoopbackAddress(), model, null);
    server.startListening(
        new ServerEventListener() {
          @Override
          public List<ServiceError> write(List<BasicDataAttribute> attributes) {
            server.setValues(attributes);
            return null;
          }

          @Override
          public void serverStoppedListening(ServerSap stopped) {}
        });
    Lines.emit(Lines.object("event", "ready", "role", "server", "port", port));
    BufferedReader in = Lines.input();
    while (in.readLine() != null) {
      // ends with whoever started it
    }
    server.stop();
    Lines.emit(Lines.object("event", "done"));
    Runtime.getRuntime().halt(0);
  }
}
