#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Every example in conf/ is one that nginx takes.  An example is written for a
# real machine: paths that only root may use, and names that only DNS knows,
# are replaced by ones of this test, and what is not a whole configuration is
# put into one.

use v5.36;

use FindBin ();
use lib "$FindBin::Bin/lib";

use Chat;

my @examples = sort glob "$FindBin::Bin/../conf/*.conf";

ok(scalar @examples, 'there are examples');

for my $path (@examples) {
    my ($name) = $path =~ m{([^/]+)$};
    my $t = Chat->new;

    my ($status, $said) = $t->config(whole(slurp($path), $t))->check;

    is($status, 0, $name) or diag($said);
    unlike($said, qr/\[(?:warn|alert|crit)\]/, "$name: without a warning");

    $t->{finished} = 1;
}

done_testing();


sub whole ($text, $t) {
    my $dir = $t->dir;

    # the module is the one that was built, and the daemon's files are ours

    $text =~ s/^\s*(?:load_module|user|pid|daemon|error_log)\s[^;]*;//mg;
    $text =~ s/^\s*worker_processes\s[^;]*;//mg;
    $text =~ s/^(\s*)(access_log)\s(?!off)[^;]*;/$1$2 $dir\/access.log;/mg;
    $text =~ s/^(\s*chat_state)\s[^;]*;/$1 $dir\/state;/mg;
    $text =~ s/^(\s*ssl_certificate)\s.*;/$1 $dir\/localhost.crt;/mg;
    $text =~ s/^(\s*ssl_certificate_key)\s.*;/$1 $dir\/localhost.key;/mg;
    $text =~ s/\blisten\s+([\w.:\[\]*]+)/'listen 127.0.0.1:' . $t->port($1)/ge;

    $t->_certificate if $text =~ /ssl_certificate/;

    if ($text !~ /^\s*http\s*\{/m) {
        $text = "http {\n%%HTTP%%\n$text\n}\n";
        $text =~ s/(?<=%%HTTP%%\n)(.*)\bchat_state[^;]*;/$1/s;

    } else {
        # where nginx would put bodies is closed to a user who is not root

        my $http = $t->_http =~ s/\s*chat_state[^;]*;//r;
        $http =~ s/access_log[^;]*;// if $text =~ /access_log/;
        $text =~ s/^(\s*http\s*\{)/$1\n$http/m;
    }

    $text = "events { }\n$text" if $text !~ /^\s*events\s*\{/m;

    return "%%GLOBALS%%\n$text";
}


sub slurp ($path) {
    open my $fh, '<', $path or die "$path: $!\n";
    local $/;
    return readline $fh;
}
