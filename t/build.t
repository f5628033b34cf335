#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A missing library stops configure with a line that names its package; an
# old one, too.  The compiler here is one that cannot find a header.

use v5.36;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $root = abs_path(dirname(__FILE__) . '/..');
my $src = '/usr/share/nginx/src';
my $dir = tempdir(CLEANUP => 1);

plan skip_all => 'no nginx-dev' if !-x "$src/configure";


# Runs our part of configure, as nginx would, with a compiler that refuses
# what matches: (status, output).

sub configure ($refused, %env) {
    my $cc = "$dir/cc";

    write_file($cc, <<"SH");
#!/bin/sh
for f in "\$@"; do
    case \$f in
        *.c) grep -q '$refused' "\$f" && exit 1 ;;
    esac
done
exec gcc "\$@"
SH
    chmod 0755, $cc;

    write_file("$dir/configure", <<"SH");
cd $src
. auto/options
. auto/init
NGX_OBJS=$dir
NGX_AUTOTEST=$dir/autotest
NGX_AUTOCONF_ERR=$dir/autoconf.err
NGX_AUTO_CONFIG_H=$dir/ngx_auto_config.h
NGX_INCLUDE_UNISTD_H='#include <unistd.h>'
CC=$cc
. auto/sources
ngx_addon_dir=$root
ngx_module_link=DYNAMIC
. $root/config
echo " + \$ngx_addon_name was configured"
SH
    write_file("$dir/ngx_auto_config.h", '');

    local %ENV = (%ENV, %env);

    my $output = qx(sh $dir/configure 2>&1);

    return ($? >> 8, $output);
}


sub write_file ($path, $text) {
    open my $fh, '>', $path or die "$path: $!\n";
    print $fh $text;
    close $fh or die "$path: $!\n";
}


for my $case (
    [ 'sqlite3.h', 'SQLite library', 'libsqlite3-dev' ],
    [ 'sodium.h', 'libsodium library', 'libsodium-dev' ],
    [ 'yajl_parse.h', 'yajl library', 'libyajl-dev' ],
    [ 'ENABLE_FTS5', 'full-text search', 'SQLITE_ENABLE_FTS5' ],
    [ 'eventfd.h', 'eventfd()', 'Linux' ],
) {
    my ($refused, $name, $package) = @$case;
    my ($status, $output) = configure($refused);

    isnt($status, 0, "without $refused: configure stops");
    like($output, qr/error: the chat module requires .*\Q$name\E/s,
         "without $refused: it says what is missing");
    like($output, qr/\Q$package\E/, "without $refused: it says where it is");
}

my ($status, $output) = configure('nothing at all',
                                  NGX_CHAT_ASSETS => '/srv/chat assets');

is($status, 0, 'with everything: configure is content') or diag($output);
like($output, qr/ngx_http_chat_module was configured/, 'the module is in');

open my $fh, '<', "$dir/ngx_auto_config.h" or die "$!\n";
my $defines = do { local $/; readline $fh };

like($defines, qr{^#define NGX_CHAT_ASSETS  "/srv/chat assets"$}m,
     'the folder of the assets is compiled in');

done_testing();
