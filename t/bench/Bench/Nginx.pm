package Bench::Nginx;

# Copyright (C) ngx_chat_module contributors

# An nginx for one load, in a directory of its own that goes with it.
#
#     my $nginx = Bench::Nginx->start($home, $name, $server, $wait);
#     $nginx->{port}, $nginx->{pid}, $nginx->{state}
#     $nginx->stop;

use v5.36;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use IO::Socket::INET ();
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(WORKERS read_file write_file);

use constant WORKERS => 2;

my $root = abs_path(dirname(__FILE__) . '/../../..');
my %running;


sub start ($class, $home, $name, $server, $wait) {
    my $dir = "$home/$name";
    my $self = bless { dir => $dir, port => free_port(), site => "$home/site",
                       state => $server->{state} // "$dir/state" }, $class;

    make_path($dir);
    chmod 0755, "$home", $dir;

    write_file("$dir/nginx.conf", $self->configuration($server, $wait));
    site("$home/site") if !-e "$home/site";
    certificate($dir) if $server->{tls};

    local @ENV{ qw(LD_PRELOAD CHAT_DISK_SYNC) }
        = ("$root/build/shim/disk.so", $server->{sync}) if $server->{sync};

    # in the session of this script, whose priority it shares

    my $child = fork // die "bench: fork: $!\n";

    if (!$child) {
        exec '/usr/sbin/nginx', '-p', "$dir/", '-c', 'nginx.conf',
             '-e', 'error.log', '-g', 'daemon off;';
    }

    $self->{pid} = until_there(sub {
        waitpid($child, WNOHANG) == 0
            or die "bench: nginx does not start, see $dir/error.log\n";
        read_file("$dir/nginx.pid") =~ /^(\d+)/ && $1;
    });
    $running{ $self->{pid} } = $self;
    $self->ready($server);

    return $self;
}


# The same files for all: where these lie in memory decides how fast they are
# sent.

sub site ($dir) {
    make_path($dir);
    chmod 0755, $dir;

    write_file("$dir/1k", 'x' x 1024);
    write_page("$dir/$_.html", $_) for 1, 10, 100;
}


# so many KB of products, in a file that is an hour old

sub write_page ($path, $kb) {
    my $page = "<!doctype html>\n<html lang=\"en\">\n<title>A page</title>\n"
               . "<body>\n";
    my $product = '<li class="card"><a href="/p/1"><img src="/1.jpg" alt="" '
                  . 'width="320" height="240"><h3>A product</h3></a><p>Some '
                  . "words about it.</p></li>\n";

    $page .= $product while length($page . $product) < $kb * 1024 - 20;

    write_file($path, "$page</body>\n</html>\n");
    utime time - 3600, time - 3600, $path;
}


sub ready ($self, $server) {
    until_there(sub { IO::Socket::INET->new(
        PeerAddr => "127.0.0.1:$self->{port}", Timeout => 1) });

    # the database is open when its first account can be made, or was

    until_there(sub { -s "$self->{state}/setup-code" })
        if ($server->{module} // '') eq 'ours' && !$server->{history};
}


# what the threads of all workers have used, in us, as the scheduler counts it

sub cpu ($self) {
    my $pid = $self->{pid};
    my $ns = 0;

    for (split ' ', read_file("/proc/$pid/task/$pid/children")) {
        $ns += (split ' ', read_file($_))[0] for glob "/proc/$_/task/*/schedstat";
    }

    return $ns / 1000;
}


sub stop ($self) {
    my $pid = $self->{pid};

    kill 'TERM', $pid;
    until_there(sub { waitpid($pid, WNOHANG) != 0 });
    delete $running{$pid};
    remove_tree($self->{dir});
}


END {
    local $?;
    $_->stop for values %running;
}


sub configuration ($self, $server, $wait) {
    my %load = (
        ours => "load_module $root/build/module/ngx_http_chat_module.so;",
        nchan => 'load_module /usr/lib/nginx/modules/ngx_nchan_module.so;',
    );

    my %conf = (
        ours => "chat_state $self->{state};"
            . ' chat_visitor_rate 0; chat_address_rate 0; chat_repeats 0;',
        nchan => 'nchan_shared_memory_size 512m;',
    );

    my %locations = (
        ours => "location /chat/ { chat; chat_poll_timeout 300s; }",
        nchan => nchan_locations($wait // 300),
    );

    my $module = $server->{module} // '';
    my $user = $> == 0 ? 'user root;' : '';
    my $temp = join "\n", map { "${_}_temp_path temp;" }
        qw(client_body proxy fastcgi uwsgi scgi);
    my $ssl = $server->{tls} ? 'ssl' : '';
    my $cert = $ssl && 'ssl_certificate cert; ssl_certificate_key key;';

    return <<~EOF;
        $user
        @{[ $load{$module} // '' ]}
        worker_processes @{[ WORKERS ]};
        worker_rlimit_nofile 16384;
        pid nginx.pid;
        error_log error.log warn;
        events { worker_connections 16000; }

        http {
            access_log off;
            sendfile on;
            tcp_nopush on;
            keepalive_timeout 1h;
            keepalive_requests 1000000000;
            $temp
            @{[ $conf{$module} // '' ]}
            @{[ $server->{conf} // '' ]}

            server {
                listen 127.0.0.1:$self->{port} $ssl reuseport backlog=4096;
                root $self->{site};
                $cert

                location = /204 { return 204; }
                location = /1k { open_file_cache max=10; }
                location = /pid { default_type text/plain; return 200 \$pid; }
                @{[ $locations{$module} // '' ]}
            }
        }
        EOF
}


sub nchan_locations ($wait) {
    return <<~EOF;
        nchan_message_timeout 60s;
        nchan_message_buffer_length 100;
        nchan_subscriber_timeout ${wait}s;

        location ~ ^/pub/([\\w-]+)\$ {
            nchan_publisher;
            nchan_channel_id \$1;
        }

        location ~ ^/sub/([\\w-]+)\$ {
            nchan_subscriber longpoll eventsource;
            nchan_channel_id \$1;
            nchan_subscriber_first_message newest;
            nchan_eventsource_ping_interval 20;
        }
        EOF
}


# of a key as they are made today; an RSA key would cost more for each client

sub certificate ($dir) {
    system("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
           . " -nodes -keyout $dir/key -out $dir/cert -subj /CN=bench -days 2"
           . " 2>$dir/openssl.log") == 0
        or die "bench: no certificate, see $dir/openssl.log\n";
}


sub free_port {
    my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1')
        or die "bench: no port: $!\n";

    return $socket->sockport;
}


sub until_there ($what) {
    my $end = time + 30;

    while (time < $end) {
        my $value = eval { $what->() };
        return $value if $value;
        sleep 0.01;
    }

    die "bench: nginx does not come, or does not go\n";
}


sub read_file ($path) {
    open my $fh, '<', $path or die "$path: $!\n";
    return do { local $/; readline($fh) // '' };
}


sub write_file ($path, $text) {
    open my $fh, '>', $path or die "$path: $!\n";
    print $fh $text;
    close $fh or die "$path: $!\n";
}


1;
