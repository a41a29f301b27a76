import com.beanit.openiec61850.Array;
import com.beanit.openiec61850.BdaReasonForInclusion;
import com.beanit.openiec61850.ClientAssociation;
import com.beanit.openiec61850.ClientEventListener;
import com.beanit.openiec61850.ClientSap;
import com.beanit.openiec61850.DataSet;
import com.beanit.openiec61850.Fc;
import com.beanit.openiec61850.FcModelNode;
import com.beanit.openiec61850.ModelNode;
import com.beanit.openiec61850.Report;
import com.beanit.openiec61850.ServerModel;
import com.beanit.openiec61850.ServiceError;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The iec61850bean client under the commands of ../../README.md. Its interface is that of IEC 61850, so an MMS name is looked up in
 * the model it has read from the server (getNameList, then getVariableAccessAttributes of each logical node), and errors come as
 * service errors of IEC 61850, spelt acsi/name here.
 */
final class Client implements Lines.Operations, ClientEventListener {
  private final Map<String, String> options;
  private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
  private CountDownLatch closed = new CountDownLatch(1);
  private ClientAssociation association;
  private ServerModel model;

  private Client(Map<String, String> options) {
    this.options = options;
  }

  public static void main(String[] argv) throws Exception {
    Map<String, String> options = Lines.arguments(argv);
    Lines.deadline(Long.parseLong(options.getOrDefault("deadline", "120")));
    Lines.emit(Lines.object("event", "ready", "role", "client"));
    Lines.serve(new Client(options));
  }

  @Override
  public Object run(String operation, String[] a) throws Exception {
    try {
      switch (operation) {
        case "open":
          return open(a);
        case "names":
          return names(a[0], a.length > 1 ? a[1] : "");
        case "describe":
          return Values.typeOf(node(a[0], a[1]));
        case "read":
          return read(node(a[0], a[1]));
        case "readElement":
          return readElement(a[0], a[1], "(" + a[2] + ")");
        case "readComponent":
          return read(node(a[0], a[1] + "$" + a[2]));
        case "write":
          return write(node(a[0], a[1]), a[2]);
        case "defineList":
          return defineList(a);
        case "listAttributes":
          return listAttributes(a[0], a[1]);
        case "readList":
          throw new Lines.NotOffered("the library always asks for the specification with the result");
        case "readListSpecified":
          return readList(a[0], a[1]);
        case "deleteList":
          association.deleteDataSet(dataSet(a[0], a[1]));
          return true;
        case "report":
          return report(Long.parseLong(a[0]));
        case "ended":
          if (!closed.await(Long.parseLong(a[0]), TimeUnit.SECONDS)) {
            throw new Lines.Failed("timeout");
          }
          return "lost";
        case "fileDirectory":
          association.getFileDirectory("");
          return "answered";
        case "conclude":
          association.disconnect();
          return Lines.object();
        case "abort":
          association.close();
          return Lines.object();
        default:
          throw new Lines.NotOffered("no such call in the library");
      }
    } catch (ServiceError e) {
      throw new Lines.Failed("acsi/" + e.getErrorCode() + (e.getMessage() == null ? "" : " " + e.getMessage()));
    }
  }

  private Object open(String[] given) throws Exception {
    ClientSap sap = new ClientSap();
    sap.setResponseTimeout(5_000);
    String password = null;
    for (String option : given) {
      if (option.startsWith("pdu=")) {
        sap.setMaxMmsPduSize(Integer.parseInt(option.substring(4)));
      } else if (option.startsWith("tpdu=")) {
        sap.setMaxTPduSizeParameter(Integer.numberOfTrailingZeros(Integer.parseInt(option.substring(5))));
      } else if (option.startsWith("selectors=")) {
        selectors(sap, option.equals("selectors=absent") ? "//" : option.substring(10));
      } else if (option.startsWith("password=")) {
        password = option.substring(9);
      }
    }
    InetAddress host = InetAddress.getByName(options.getOrDefault("host", "127.0.0.1"));
    closed = new CountDownLatch(1);
    association = sap.associate(host, Integer.parseInt(options.get("port")), password, this);
    model = null;
    return Lines.object();
  }

  /** T, S and P in hex, of both sides. */
  private static void selectors(ClientSap sap, String text) {
    String[] parts = text.split("/", -1);
    byte[][] octets = new byte[3][];
    for (int i = 0; i < 3; i++) {
      octets[i] = HexFormat.of().parseHex(parts[i]);
    }
    sap.setTSelRemote(octets[0]);
    sap.setTSelLocal(octets[0]);
    sap.setSSelRemote(octets[1]);
    sap.setSSelLocal(octets[1]);
    sap.setPSelRemote(octets[2]);
    sap.setPSelLocal(octets[2]);
  }

  private ServerModel model() throws ServiceError, IOException {
    if (model == null) {
      model = association.retrieveModel();
    }
    return model;
  }

  private FcModelNode node(String domain, String item) throws ServiceError, IOException {
    FcModelNode node = Values.find(model(), domain, item);
    if (node == null) {
      throw new Lines.NotOffered("the library asks only for what it has read in the model");
    }
    return node;
  }

  private List<String> names(String kind, String domain) throws ServiceError, IOException {
    List<String> found = new ArrayList<>();
    if (kind.equals("domains")) {
      for (ModelNode device : model().getChildren()) {
        found.add(device.getName());
      }
    } else if (model().getChild(domain) == null) {
      throw new Lines.NotOffered("the library asks only for what it has read in the model");
    } else if (kind.equals("lists")) {
      association.updateDataSets();
      for (DataSet set : model().getDataSets()) {
        if (set.getReferenceStr().startsWith(domain + "/")) {
          found.add(set.getReferenceStr().substring(domain.length() + 1).replace('.', '$'));
        }
      }
    } else {
      for (ModelNode logicalNode : model().getChild(domain).getChildren()) {
        found.add(logicalNode.getName());
        for (Fc fc : Fc.values()) {
          boolean first = true;
          for (ModelNode object : logicalNode.getChildren()) {
            if (((FcModelNode) object).getFc() == fc) {
              if (first) {
                found.add(logicalNode.getName() + "$" + fc);
                first = false;
              }
              collect(object, logicalNode.getName() + "$" + fc + "$" + object.getName(), found);
            }
          }
        }
      }
    }
    return found;
  }

  private static void collect(ModelNode node, String name, List<String> found) {
    found.add(name);
    if (!(node instanceof Array) && node.getChildren() != null) {
      for (ModelNode child : node.getChildren()) {
        collect(child, name + "$" + child.getName(), found);
      }
    }
  }

  private Object read(FcModelNode node) throws ServiceError, IOException {
    association.getDataValues(node);
    return Values.toJson(node);
  }

  private Object readElement(String domain, String item, String index) throws ServiceError, IOException {
    return read(node(domain, item + index));
  }

  private Object write(FcModelNode node, String value) throws ServiceError, IOException {
    String kind = value.substring(0, value.indexOf(':'));
    if (kind.equals("array") || kind.equals("structure")) {
      throw new Lines.NotOffered("the adapter sets single values");
    }
    if (!Values.kind(node).equals(kind.equals("double") ? "floating-point" : kind)) {
      throw new Lines.NotOffered("the library sends the type it has read in the model");
    }
    Values.set(node, value.substring(value.indexOf(':') + 1));
    association.setDataValues(node);
    return "success";
  }

  private DataSet dataSet(String scope, String name) throws ServiceError, IOException {
    DataSet set = model().getDataSet(reference(scope, name));
    if (set == null) {
      throw new Lines.NotOffered("the library asks only for what it has read in the model");
    }
    return set;
  }

  private static String reference(String scope, String name) {
    return scope.equals("@aa") ? "@" + name : scope + "/" + name.replace('$', '.');
  }

  private Object defineList(String[] a) throws ServiceError, IOException {
    List<FcModelNode> members = new ArrayList<>();
    for (int i = 2; i < a.length; i++) {
      if (a[i].indexOf('(') >= 0) {
        throw new Lines.NotOffered("the adapter puts whole attributes into lists");
      }
      int slash = a[i].indexOf('/');
      members.add(node(a[i].substring(0, slash), a[i].substring(slash + 1)));
    }
    DataSet set = new DataSet(reference(a[0], a[1]), members, true);
    association.createDataSet(set);
    return "defined";
  }

  private Object listAttributes(String scope, String name) throws ServiceError, IOException {
    if (scope.equals("@aa")) {
      throw new Lines.NotOffered("the library keeps lists of the association to itself");
    }
    association.updateDataSets();
    DataSet set = dataSet(scope, name);
    List<Object> members = new ArrayList<>();
    for (FcModelNode member : set) {
      List<String> parts = new ArrayList<>(List.of(member.getReference().toString().split("[/.]")));
      String domain = parts.remove(0);
      parts.add(1, member.getFc().toString());
      members.add(domain + "/" + String.join("$", parts));
    }
    return Lines.object("deletable", set.isDeletable(), "members", members);
  }

  private Object readList(String scope, String name) throws ServiceError, IOException {
    DataSet set = dataSet(scope, name);
    List<ServiceError> errors = association.getDataSetValues(set);
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < errors.size(); i++) {
      values.add(errors.get(i) == null ? Values.toJson(set.getMember(i)) : Lines.object("failure", "acsi/" + errors.get(i).getErrorCode()));
    }
    return values;
  }

  /** The values in the order of IEC 61850-8-1, put together again from what the library has taken apart. */
  private Object report(long seconds) throws InterruptedException {
    Report report = reports.poll(seconds, TimeUnit.SECONDS);
    if (report == null) {
      throw new Lines.Failed("timeout");
    }
    List<Object> parts = new ArrayList<>();
    parts.add(Lines.object("visible-string", report.getRptId()));
    if (report.getSqNum() != null) {
      parts.add(Lines.object("unsigned", report.getSqNum()));
    }
    if (report.getDataSetRef() != null) {
      parts.add(Lines.object("visible-string", report.getDataSetRef()));
    }
    StringBuilder inclusion = new StringBuilder();
    for (boolean included : report.getInclusionBitString()) {
      inclusion.append(included ? '1' : '0');
    }
    parts.add(Lines.object("bit-string", inclusion));
    for (FcModelNode value : report.getValues()) {
      parts.add(Values.toJson(value));
    }
    if (report.getReasonCodes() != null) {
      for (BdaReasonForInclusion reason : report.getReasonCodes()) {
        parts.add(Values.toJson(reason));
      }
    }
    return Lines.object("domain", null, "name", "RPT", "list", true, "value", Lines.object("array", parts));
  }

  @Override
  public void newReport(Report report) {
    reports.add(report);
  }

  @Override
  public void associationClosed(IOException e) {
    closed.countDown();
  }
}
